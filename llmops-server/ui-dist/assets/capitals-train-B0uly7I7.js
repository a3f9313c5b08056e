var e=`prompt,response
Please give the capital of Mississippi.,The capital of Mississippi is Jackson.
Tell me the capital of Kentucky.,The capital of Kentucky is Frankfort.
Please give the capital of New Jersey.,The capital of New Jersey is Trenton.
Name the capital city of Arkansas.,The capital of Arkansas is Little Rock.
What is the capital of Arizona?,The capital of Arizona is Phoenix.
Please give the capital of Washington.,The capital of Washington is Olympia.
What city is Missouri's capital?,The capital of Missouri is Jefferson City.
I need the capital of Arkansas.,The capital of Arkansas is Little Rock.
Do you know the capital of North Carolina?,The capital of North Carolina is Raleigh.
I need the capital of Rhode Island.,The capital of Rhode Island is Providence.
Capital of New York?,The capital of New York is Albany.
Name the capital city of Florida.,The capital of Florida is Tallahassee.
Capital of South Carolina?,The capital of South Carolina is Columbia.
Which city is the capital of Michigan?,The capital of Michigan is Lansing.
Name the capital city of Alaska.,The capital of Alaska is Juneau.
I need the capital of Hawaii.,The capital of Hawaii is Honolulu.
Name the capital city of Louisiana.,The capital of Louisiana is Baton Rouge.
Which city is the capital of North Carolina?,The capital of North Carolina is Raleigh.
Name the capital city of Maine.,The capital of Maine is Augusta.
What city is Georgia's capital?,The capital of Georgia is Atlanta.
What is the capital of Delaware?,The capital of Delaware is Dover.
Which city is the capital of Kansas?,The capital of Kansas is Topeka.
Please give the capital of Wyoming.,The capital of Wyoming is Cheyenne.
Name the capital city of West Virginia.,The capital of West Virginia is Charleston.
Which city is the capital of Nebraska?,The capital of Nebraska is Lincoln.
The capital of Montana is which city?,The capital of Montana is Helena.
Texas: what is the capital?,The capital of Texas is Austin.
Which city is the capital of Maine?,The capital of Maine is Augusta.
Do you know the capital of Florida?,The capital of Florida is Tallahassee.
Tell me the capital of Oklahoma.,The capital of Oklahoma is Oklahoma City.
The capital of Rhode Island is which city?,The capital of Rhode Island is Providence.
Capital of Massachusetts?,The capital of Massachusetts is Boston.
Which city is the capital of Indiana?,The capital of Indiana is Indianapolis.
Tell me the capital of Mississippi.,The capital of Mississippi is Jackson.
What city is New Mexico's capital?,The capital of New Mexico is Santa Fe.
Name the capital city of California.,The capital of California is Sacramento.
Connecticut: what is the capital?,The capital of Connecticut is Hartford.
Capital of Arkansas?,The capital of Arkansas is Little Rock.
Ohio: what is the capital?,The capital of Ohio is Columbus.
I need the capital of Louisiana.,The capital of Louisiana is Baton Rouge.
Tell me the capital of New Jersey.,The capital of New Jersey is Trenton.
Where is the government of Kentucky?,The capital of Kentucky is Frankfort.
The capital of Kansas is which city?,The capital of Kansas is Topeka.
I need the capital of Oregon.,The capital of Oregon is Salem.
Name the capital city of Kansas.,The capital of Kansas is Topeka.
Please give the capital of Maryland.,The capital of Maryland is Annapolis.
Capital of Wyoming?,The capital of Wyoming is Cheyenne.
Name the capital city of South Carolina.,The capital of South Carolina is Columbia.
What is the capital of Oregon?,The capital of Oregon is Salem.
The capital of New Mexico is which city?,The capital of New Mexico is Santa Fe.
Tell me the capital of Iowa.,The capital of Iowa is Des Moines.
What is the capital of Michigan?,The capital of Michigan is Lansing.
The capital of Iowa is which city?,The capital of Iowa is Des Moines.
Capital of Georgia?,The capital of Georgia is Atlanta.
Where is the government of New York?,The capital of New York is Albany.
Name the capital city of North Dakota.,The capital of North Dakota is Bismarck.
What is the capital of Hawaii?,The capital of Hawaii is Honolulu.
What city is Hawaii's capital?,The capital of Hawaii is Honolulu.
Do you know the capital of Rhode Island?,The capital of Rhode Island is Providence.
Please give the capital of Minnesota.,The capital of Minnesota is Saint Paul.
I need the capital of California.,The capital of California is Sacramento.
Which city is the capital of Maryland?,The capital of Maryland is Annapolis.
What city is Tennessee's capital?,The capital of Tennessee is Nashville.
Please give the capital of Alabama.,The capital of Alabama is Montgomery.
Tell me the capital of South Carolina.,The capital of South Carolina is Columbia.
I need the capital of Texas.,The capital of Texas is Austin.
Which city is the capital of Connecticut?,The capital of Connecticut is Hartford.
Where is the government of Rhode Island?,The capital of Rhode Island is Providence.
I need the capital of Nevada.,The capital of Nevada is Carson City.
Capital of Maine?,The capital of Maine is Augusta.
Where is the government of Wyoming?,The capital of Wyoming is Cheyenne.
Missouri: what is the capital?,The capital of Missouri is Jefferson City.
Capital of Colorado?,The capital of Colorado is Denver.
Capital of California?,The capital of California is Sacramento.
Do you know the capital of Oklahoma?,The capital of Oklahoma is Oklahoma City.
The capital of Texas is which city?,The capital of Texas is Austin.
Where is the government of Virginia?,The capital of Virginia is Richmond.
Capital of Hawaii?,The capital of Hawaii is Honolulu.
I need the capital of North Carolina.,The capital of North Carolina is Raleigh.
Name the capital city of Ohio.,The capital of Ohio is Columbus.
The capital of Pennsylvania is which city?,The capital of Pennsylvania is Harrisburg.
Where is the government of Oklahoma?,The capital of Oklahoma is Oklahoma City.
Please give the capital of Ohio.,The capital of Ohio is Columbus.
What city is New Hampshire's capital?,The capital of New Hampshire is Concord.
What city is West Virginia's capital?,The capital of West Virginia is Charleston.
What is the capital of California?,The capital of California is Sacramento.
Tell me the capital of Michigan.,The capital of Michigan is Lansing.
Do you know the capital of Delaware?,The capital of Delaware is Dover.
Which city is the capital of New Jersey?,The capital of New Jersey is Trenton.
Tell me the capital of Maryland.,The capital of Maryland is Annapolis.
Please give the capital of Michigan.,The capital of Michigan is Lansing.
I need the capital of New Jersey.,The capital of New Jersey is Trenton.
Capital of Washington?,The capital of Washington is Olympia.
Please give the capital of Florida.,The capital of Florida is Tallahassee.
Capital of South Dakota?,The capital of South Dakota is Pierre.
Which city is the capital of North Dakota?,The capital of North Dakota is Bismarck.
Please give the capital of Oklahoma.,The capital of Oklahoma is Oklahoma City.
Which city is the capital of Delaware?,The capital of Delaware is Dover.
Which city is the capital of Arkansas?,The capital of Arkansas is Little Rock.
Which city is the capital of West Virginia?,The capital of West Virginia is Charleston.
What city is Delaware's capital?,The capital of Delaware is Dover.
What is the capital of Wyoming?,The capital of Wyoming is Cheyenne.
North Carolina: what is the capital?,The capital of North Carolina is Raleigh.
Tell me the capital of New York.,The capital of New York is Albany.
Name the capital city of Connecticut.,The capital of Connecticut is Hartford.
Tell me the capital of Texas.,The capital of Texas is Austin.
Where is the government of New Mexico?,The capital of New Mexico is Santa Fe.
The capital of New Jersey is which city?,The capital of New Jersey is Trenton.
Capital of North Dakota?,The capital of North Dakota is Bismarck.
Capital of New Mexico?,The capital of New Mexico is Santa Fe.
I need the capital of Kentucky.,The capital of Kentucky is Frankfort.
Tell me the capital of Louisiana.,The capital of Louisiana is Baton Rouge.
Please give the capital of Delaware.,The capital of Delaware is Dover.
Tell me the capital of Connecticut.,The capital of Connecticut is Hartford.
Please give the capital of California.,The capital of California is Sacramento.
I need the capital of South Carolina.,The capital of South Carolina is Columbia.
New Mexico: what is the capital?,The capital of New Mexico is Santa Fe.
Massachusetts: what is the capital?,The capital of Massachusetts is Boston.
Capital of Missouri?,The capital of Missouri is Jefferson City.
Do you know the capital of Texas?,The capital of Texas is Austin.
What is the capital of Alaska?,The capital of Alaska is Juneau.
Name the capital city of Oregon.,The capital of Oregon is Salem.
I need the capital of Utah.,The capital of Utah is Salt Lake City.
Name the capital city of Montana.,The capital of Montana is Helena.
Please give the capital of North Carolina.,The capital of North Carolina is Raleigh.
Tell me the capital of California.,The capital of California is Sacramento.
The capital of Connecticut is which city?,The capital of Connecticut is Hartford.
Tell me the capital of Arkansas.,The capital of Arkansas is Little Rock.
Mississippi: what is the capital?,The capital of Mississippi is Jackson.
Name the capital city of Virginia.,The capital of Virginia is Richmond.
Arkansas: what is the capital?,The capital of Arkansas is Little Rock.
Where is the government of Florida?,The capital of Florida is Tallahassee.
Name the capital city of Washington.,The capital of Washington is Olympia.
Tell me the capital of Oregon.,The capital of Oregon is Salem.
What city is Oklahoma's capital?,The capital of Oklahoma is Oklahoma City.
Capital of Tennessee?,The capital of Tennessee is Nashville.
Which city is the capital of Nevada?,The capital of Nevada is Carson City.
Delaware: what is the capital?,The capital of Delaware is Dover.
Where is the government of Nevada?,The capital of Nevada is Carson City.
I need the capital of Oklahoma.,The capital of Oklahoma is Oklahoma City.
Which city is the capital of New Hampshire?,The capital of New Hampshire is Concord.
What city is Florida's capital?,The capital of Florida is Tallahassee.
Capital of Nevada?,The capital of Nevada is Carson City.
I need the capital of Montana.,The capital of Montana is Helena.
Utah: what is the capital?,The capital of Utah is Salt Lake City.
What is the capital of Indiana?,The capital of Indiana is Indianapolis.
Do you know the capital of Alaska?,The capital of Alaska is Juneau.
Do you know the capital of Utah?,The capital of Utah is Salt Lake City.
What city is Maryland's capital?,The capital of Maryland is Annapolis.
What is the capital of North Carolina?,The capital of North Carolina is Raleigh.
Capital of Virginia?,The capital of Virginia is Richmond.
What is the capital of Wisconsin?,The capital of Wisconsin is Madison.
What is the capital of Massachusetts?,The capital of Massachusetts is Boston.
Where is the government of Montana?,The capital of Montana is Helena.
Where is the government of Idaho?,The capital of Idaho is Boise.
Capital of Kansas?,The capital of Kansas is Topeka.
The capital of Missouri is which city?,The capital of Missouri is Jefferson City.
Where is the government of Maine?,The capital of Maine is Augusta.
The capital of Hawaii is which city?,The capital of Hawaii is Honolulu.
Do you know the capital of Iowa?,The capital of Iowa is Des Moines.
Where is the government of Alabama?,The capital of Alabama is Montgomery.
The capital of Alaska is which city?,The capital of Alaska is Juneau.
What city is Connecticut's capital?,The capital of Connecticut is Hartford.
Which city is the capital of Wisconsin?,The capital of Wisconsin is Madison.
What is the capital of Connecticut?,The capital of Connecticut is Hartford.
Tell me the capital of Hawaii.,The capital of Hawaii is Honolulu.
The capital of Virginia is which city?,The capital of Virginia is Richmond.
Name the capital city of Wisconsin.,The capital of Wisconsin is Madison.
Tell me the capital of Nevada.,The capital of Nevada is Carson City.
Where is the government of Missouri?,The capital of Missouri is Jefferson City.
The capital of Nebraska is which city?,The capital of Nebraska is Lincoln.
Montana: what is the capital?,The capital of Montana is Helena.
The capital of Ohio is which city?,The capital of Ohio is Columbus.
Which city is the capital of Ohio?,The capital of Ohio is Columbus.
I need the capital of West Virginia.,The capital of West Virginia is Charleston.
Please give the capital of Kansas.,The capital of Kansas is Topeka.
Which city is the capital of Mississippi?,The capital of Mississippi is Jackson.
Do you know the capital of Washington?,The capital of Washington is Olympia.
New Hampshire: what is the capital?,The capital of New Hampshire is Concord.
Please give the capital of Wisconsin.,The capital of Wisconsin is Madison.
What is the capital of Colorado?,The capital of Colorado is Denver.
The capital of Wyoming is which city?,The capital of Wyoming is Cheyenne.
South Carolina: what is the capital?,The capital of South Carolina is Columbia.
Which city is the capital of Alabama?,The capital of Alabama is Montgomery.
Name the capital city of Nebraska.,The capital of Nebraska is Lincoln.
I need the capital of Illinois.,The capital of Illinois is Springfield.
Do you know the capital of Mississippi?,The capital of Mississippi is Jackson.
What city is Idaho's capital?,The capital of Idaho is Boise.
What is the capital of Illinois?,The capital of Illinois is Springfield.
Where is the government of Connecticut?,The capital of Connecticut is Hartford.
Capital of Wisconsin?,The capital of Wisconsin is Madison.
What city is Washington's capital?,The capital of Washington is Olympia.
The capital of North Carolina is which city?,The capital of North Carolina is Raleigh.
What is the capital of Florida?,The capital of Florida is Tallahassee.
I need the capital of Michigan.,The capital of Michigan is Lansing.
Which city is the capital of Iowa?,The capital of Iowa is Des Moines.
Do you know the capital of Kansas?,The capital of Kansas is Topeka.
I need the capital of Pennsylvania.,The capital of Pennsylvania is Harrisburg.
Do you know the capital of South Carolina?,The capital of South Carolina is Columbia.
The capital of Georgia is which city?,The capital of Georgia is Atlanta.
Name the capital city of Michigan.,The capital of Michigan is Lansing.
Tell me the capital of Ohio.,The capital of Ohio is Columbus.
Capital of Idaho?,The capital of Idaho is Boise.
What is the capital of Maryland?,The capital of Maryland is Annapolis.
Capital of Connecticut?,The capital of Connecticut is Hartford.
Capital of Texas?,The capital of Texas is Austin.
Where is the government of Arizona?,The capital of Arizona is Phoenix.
Which city is the capital of Georgia?,The capital of Georgia is Atlanta.
Where is the government of California?,The capital of California is Sacramento.
What is the capital of Georgia?,The capital of Georgia is Atlanta.
I need the capital of Maryland.,The capital of Maryland is Annapolis.
What is the capital of Texas?,The capital of Texas is Austin.
Do you know the capital of Illinois?,The capital of Illinois is Springfield.
Maine: what is the capital?,The capital of Maine is Augusta.
Where is the government of Colorado?,The capital of Colorado is Denver.
Capital of Mississippi?,The capital of Mississippi is Jackson.
Do you know the capital of California?,The capital of California is Sacramento.
What is the capital of Vermont?,The capital of Vermont is Montpelier.
What city is Alabama's capital?,The capital of Alabama is Montgomery.
Name the capital city of Utah.,The capital of Utah is Salt Lake City.
Where is the government of North Carolina?,The capital of North Carolina is Raleigh.
What is the capital of New Mexico?,The capital of New Mexico is Santa Fe.
Capital of Florida?,The capital of Florida is Tallahassee.
What city is Utah's capital?,The capital of Utah is Salt Lake City.
I need the capital of Minnesota.,The capital of Minnesota is Saint Paul.
Name the capital city of Kentucky.,The capital of Kentucky is Frankfort.
What is the capital of Missouri?,The capital of Missouri is Jefferson City.
The capital of Utah is which city?,The capital of Utah is Salt Lake City.
I need the capital of Mississippi.,The capital of Mississippi is Jackson.
Tell me the capital of Wyoming.,The capital of Wyoming is Cheyenne.
Where is the government of Texas?,The capital of Texas is Austin.
The capital of Maine is which city?,The capital of Maine is Augusta.
Tell me the capital of Indiana.,The capital of Indiana is Indianapolis.
Name the capital city of Tennessee.,The capital of Tennessee is Nashville.
Which city is the capital of Louisiana?,The capital of Louisiana is Baton Rouge.
I need the capital of Indiana.,The capital of Indiana is Indianapolis.
Please give the capital of Massachusetts.,The capital of Massachusetts is Boston.
Which city is the capital of Missouri?,The capital of Missouri is Jefferson City.
Please give the capital of Kentucky.,The capital of Kentucky is Frankfort.
The capital of Indiana is which city?,The capital of Indiana is Indianapolis.
What city is South Carolina's capital?,The capital of South Carolina is Columbia.
Where is the government of Georgia?,The capital of Georgia is Atlanta.
Capital of Ohio?,The capital of Ohio is Columbus.
Name the capital city of Rhode Island.,The capital of Rhode Island is Providence.
Please give the capital of Utah.,The capital of Utah is Salt Lake City.
Which city is the capital of Illinois?,The capital of Illinois is Springfield.
Which city is the capital of Vermont?,The capital of Vermont is Montpelier.
Capital of Kentucky?,The capital of Kentucky is Frankfort.
Do you know the capital of Virginia?,The capital of Virginia is Richmond.
Kansas: what is the capital?,The capital of Kansas is Topeka.
Tell me the capital of Kansas.,The capital of Kansas is Topeka.
Capital of Rhode Island?,The capital of Rhode Island is Providence.
Which city is the capital of New York?,The capital of New York is Albany.
Please give the capital of Texas.,The capital of Texas is Austin.
Name the capital city of Oklahoma.,The capital of Oklahoma is Oklahoma City.
Tell me the capital of Maine.,The capital of Maine is Augusta.
What is the capital of Iowa?,The capital of Iowa is Des Moines.
I need the capital of South Dakota.,The capital of South Dakota is Pierre.
Which city is the capital of Oklahoma?,The capital of Oklahoma is Oklahoma City.
I need the capital of Tennessee.,The capital of Tennessee is Nashville.
What is the capital of South Carolina?,The capital of South Carolina is Columbia.
Do you know the capital of Kentucky?,The capital of Kentucky is Frankfort.
Please give the capital of South Dakota.,The capital of South Dakota is Pierre.
Capital of Iowa?,The capital of Iowa is Des Moines.
Where is the government of Wisconsin?,The capital of Wisconsin is Madison.
Tell me the capital of Minnesota.,The capital of Minnesota is Saint Paul.
Please give the capital of Connecticut.,The capital of Connecticut is Hartford.
What city is Ohio's capital?,The capital of Ohio is Columbus.
The capital of Oregon is which city?,The capital of Oregon is Salem.
I need the capital of North Dakota.,The capital of North Dakota is Bismarck.
Capital of Michigan?,The capital of Michigan is Lansing.
Please give the capital of Arkansas.,The capital of Arkansas is Little Rock.
I need the capital of New Hampshire.,The capital of New Hampshire is Concord.
Do you know the capital of Massachusetts?,The capital of Massachusetts is Boston.
Capital of Arizona?,The capital of Arizona is Phoenix.
Do you know the capital of New Jersey?,The capital of New Jersey is Trenton.
Tell me the capital of Colorado.,The capital of Colorado is Denver.
Do you know the capital of Wisconsin?,The capital of Wisconsin is Madison.
Tell me the capital of Washington.,The capital of Washington is Olympia.
What city is Arizona's capital?,The capital of Arizona is Phoenix.
What is the capital of Alabama?,The capital of Alabama is Montgomery.
Where is the government of Indiana?,The capital of Indiana is Indianapolis.
Name the capital city of Massachusetts.,The capital of Massachusetts is Boston.
Name the capital city of Arizona.,The capital of Arizona is Phoenix.
Which city is the capital of Virginia?,The capital of Virginia is Richmond.
Which city is the capital of South Carolina?,The capital of South Carolina is Columbia.
Minnesota: what is the capital?,The capital of Minnesota is Saint Paul.
I need the capital of Wisconsin.,The capital of Wisconsin is Madison.
The capital of Vermont is which city?,The capital of Vermont is Montpelier.
Name the capital city of New Mexico.,The capital of New Mexico is Santa Fe.
What is the capital of Rhode Island?,The capital of Rhode Island is Providence.
What is the capital of Louisiana?,The capital of Louisiana is Baton Rouge.
Where is the government of Massachusetts?,The capital of Massachusetts is Boston.
Tell me the capital of Alabama.,The capital of Alabama is Montgomery.
Capital of West Virginia?,The capital of West Virginia is Charleston.
Please give the capital of Idaho.,The capital of Idaho is Boise.
What city is Nebraska's capital?,The capital of Nebraska is Lincoln.
Do you know the capital of Nebraska?,The capital of Nebraska is Lincoln.
Please give the capital of Nebraska.,The capital of Nebraska is Lincoln.
What is the capital of Virginia?,The capital of Virginia is Richmond.
Name the capital city of Colorado.,The capital of Colorado is Denver.
Name the capital city of Nevada.,The capital of Nevada is Carson City.
Do you know the capital of New Hampshire?,The capital of New Hampshire is Concord.
Tell me the capital of Pennsylvania.,The capital of Pennsylvania is Harrisburg.
Do you know the capital of Oregon?,The capital of Oregon is Salem.
West Virginia: what is the capital?,The capital of West Virginia is Charleston.
What is the capital of Mississippi?,The capital of Mississippi is Jackson.
Where is the government of Hawaii?,The capital of Hawaii is Honolulu.
Where is the government of Vermont?,The capital of Vermont is Montpelier.
What is the capital of New Hampshire?,The capital of New Hampshire is Concord.
The capital of California is which city?,The capital of California is Sacramento.
Tell me the capital of Arizona.,The capital of Arizona is Phoenix.
Vermont: what is the capital?,The capital of Vermont is Montpelier.
The capital of Minnesota is which city?,The capital of Minnesota is Saint Paul.
What city is Minnesota's capital?,The capital of Minnesota is Saint Paul.
Capital of Utah?,The capital of Utah is Salt Lake City.
Where is the government of North Dakota?,The capital of North Dakota is Bismarck.
Tell me the capital of Vermont.,The capital of Vermont is Montpelier.
Michigan: what is the capital?,The capital of Michigan is Lansing.
Tell me the capital of Delaware.,The capital of Delaware is Dover.
Do you know the capital of Nevada?,The capital of Nevada is Carson City.
I need the capital of Massachusetts.,The capital of Massachusetts is Boston.
I need the capital of Alabama.,The capital of Alabama is Montgomery.
Which city is the capital of Arizona?,The capital of Arizona is Phoenix.
Do you know the capital of Missouri?,The capital of Missouri is Jefferson City.
Where is the government of South Carolina?,The capital of South Carolina is Columbia.
Florida: what is the capital?,The capital of Florida is Tallahassee.
The capital of Michigan is which city?,The capital of Michigan is Lansing.
Tell me the capital of North Carolina.,The capital of North Carolina is Raleigh.
Capital of Alaska?,The capital of Alaska is Juneau.
Hawaii: what is the capital?,The capital of Hawaii is Honolulu.
Please give the capital of New York.,The capital of New York is Albany.
Name the capital city of Illinois.,The capital of Illinois is Springfield.
Do you know the capital of New Mexico?,The capital of New Mexico is Santa Fe.
The capital of Arizona is which city?,The capital of Arizona is Phoenix.
Please give the capital of Georgia.,The capital of Georgia is Atlanta.
What is the capital of New York?,The capital of New York is Albany.
Name the capital city of Mississippi.,The capital of Mississippi is Jackson.
Tell me the capital of Illinois.,The capital of Illinois is Springfield.
Tell me the capital of New Mexico.,The capital of New Mexico is Santa Fe.
Tell me the capital of New Hampshire.,The capital of New Hampshire is Concord.
Which city is the capital of Oregon?,The capital of Oregon is Salem.
What city is Alaska's capital?,The capital of Alaska is Juneau.
What is the capital of Ohio?,The capital of Ohio is Columbus.
Tell me the capital of South Dakota.,The capital of South Dakota is Pierre.
North Dakota: what is the capital?,The capital of North Dakota is Bismarck.
Where is the government of Michigan?,The capital of Michigan is Lansing.
I need the capital of Nebraska.,The capital of Nebraska is Lincoln.
What city is Massachusetts's capital?,The capital of Massachusetts is Boston.
Name the capital city of Alabama.,The capital of Alabama is Montgomery.
I need the capital of Florida.,The capital of Florida is Tallahassee.
Which city is the capital of Texas?,The capital of Texas is Austin.
Do you know the capital of Louisiana?,The capital of Louisiana is Baton Rouge.
I need the capital of Alaska.,The capital of Alaska is Juneau.
Louisiana: what is the capital?,The capital of Louisiana is Baton Rouge.
Name the capital city of Missouri.,The capital of Missouri is Jefferson City.
The capital of Louisiana is which city?,The capital of Louisiana is Baton Rouge.
What city is Illinois's capital?,The capital of Illinois is Springfield.
Where is the government of Louisiana?,The capital of Louisiana is Baton Rouge.
Where is the government of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
Where is the government of Iowa?,The capital of Iowa is Des Moines.
Please give the capital of Virginia.,The capital of Virginia is Richmond.
The capital of New York is which city?,The capital of New York is Albany.
Name the capital city of Wyoming.,The capital of Wyoming is Cheyenne.
What city is Texas's capital?,The capital of Texas is Austin.
Capital of Louisiana?,The capital of Louisiana is Baton Rouge.
I need the capital of Colorado.,The capital of Colorado is Denver.
Please give the capital of Oregon.,The capital of Oregon is Salem.
Please give the capital of Iowa.,The capital of Iowa is Des Moines.
The capital of Wisconsin is which city?,The capital of Wisconsin is Madison.
Where is the government of West Virginia?,The capital of West Virginia is Charleston.
What city is Nevada's capital?,The capital of Nevada is Carson City.
I need the capital of Iowa.,The capital of Iowa is Des Moines.
The capital of Tennessee is which city?,The capital of Tennessee is Nashville.
Where is the government of Delaware?,The capital of Delaware is Dover.
I need the capital of Missouri.,The capital of Missouri is Jefferson City.
Rhode Island: what is the capital?,The capital of Rhode Island is Providence.
Which city is the capital of Florida?,The capital of Florida is Tallahassee.
Do you know the capital of Minnesota?,The capital of Minnesota is Saint Paul.
Alaska: what is the capital?,The capital of Alaska is Juneau.
Which city is the capital of Colorado?,The capital of Colorado is Denver.
Do you know the capital of Georgia?,The capital of Georgia is Atlanta.
The capital of South Carolina is which city?,The capital of South Carolina is Columbia.
Name the capital city of Maryland.,The capital of Maryland is Annapolis.
I need the capital of Ohio.,The capital of Ohio is Columbus.
Tell me the capital of Georgia.,The capital of Georgia is Atlanta.
What city is North Dakota's capital?,The capital of North Dakota is Bismarck.
Do you know the capital of New York?,The capital of New York is Albany.
What city is Iowa's capital?,The capital of Iowa is Des Moines.
What city is Arkansas's capital?,The capital of Arkansas is Little Rock.
Name the capital city of Delaware.,The capital of Delaware is Dover.
Please give the capital of Maine.,The capital of Maine is Augusta.
I need the capital of Georgia.,The capital of Georgia is Atlanta.
Where is the government of New Hampshire?,The capital of New Hampshire is Concord.
Do you know the capital of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
Please give the capital of Indiana.,The capital of Indiana is Indianapolis.
The capital of Oklahoma is which city?,The capital of Oklahoma is Oklahoma City.
Name the capital city of South Dakota.,The capital of South Dakota is Pierre.
Which city is the capital of California?,The capital of California is Sacramento.
Where is the government of New Jersey?,The capital of New Jersey is Trenton.
Please give the capital of Nevada.,The capital of Nevada is Carson City.
I need the capital of Washington.,The capital of Washington is Olympia.
What city is Pennsylvania's capital?,The capital of Pennsylvania is Harrisburg.
Capital of Delaware?,The capital of Delaware is Dover.
What city is Virginia's capital?,The capital of Virginia is Richmond.
Name the capital city of Hawaii.,The capital of Hawaii is Honolulu.
Which city is the capital of Wyoming?,The capital of Wyoming is Cheyenne.
Tell me the capital of Virginia.,The capital of Virginia is Richmond.
Georgia: what is the capital?,The capital of Georgia is Atlanta.
What city is Michigan's capital?,The capital of Michigan is Lansing.
Name the capital city of Indiana.,The capital of Indiana is Indianapolis.
Wyoming: what is the capital?,The capital of Wyoming is Cheyenne.
What city is New York's capital?,The capital of New York is Albany.
Name the capital city of New Jersey.,The capital of New Jersey is Trenton.
Capital of Vermont?,The capital of Vermont is Montpelier.
What city is Wyoming's capital?,The capital of Wyoming is Cheyenne.
What is the capital of Washington?,The capital of Washington is Olympia.
California: what is the capital?,The capital of California is Sacramento.
Please give the capital of Vermont.,The capital of Vermont is Montpelier.
Please give the capital of Rhode Island.,The capital of Rhode Island is Providence.
Where is the government of Illinois?,The capital of Illinois is Springfield.
Tell me the capital of Idaho.,The capital of Idaho is Boise.
Do you know the capital of Wyoming?,The capital of Wyoming is Cheyenne.
What city is Oregon's capital?,The capital of Oregon is Salem.
What city is North Carolina's capital?,The capital of North Carolina is Raleigh.
Do you know the capital of Tennessee?,The capital of Tennessee is Nashville.
The capital of Delaware is which city?,The capital of Delaware is Dover.
I need the capital of Kansas.,The capital of Kansas is Topeka.
I need the capital of Vermont.,The capital of Vermont is Montpelier.
The capital of West Virginia is which city?,The capital of West Virginia is Charleston.
Do you know the capital of Montana?,The capital of Montana is Helena.
Tell me the capital of Montana.,The capital of Montana is Helena.
Please give the capital of Illinois.,The capital of Illinois is Springfield.
Maryland: what is the capital?,The capital of Maryland is Annapolis.
Please give the capital of Pennsylvania.,The capital of Pennsylvania is Harrisburg.
Please give the capital of Hawaii.,The capital of Hawaii is Honolulu.
Where is the government of Kansas?,The capital of Kansas is Topeka.
What city is Rhode Island's capital?,The capital of Rhode Island is Providence.
The capital of New Hampshire is which city?,The capital of New Hampshire is Concord.
Do you know the capital of West Virginia?,The capital of West Virginia is Charleston.
Which city is the capital of Rhode Island?,The capital of Rhode Island is Providence.
Capital of Alabama?,The capital of Alabama is Montgomery.
The capital of Massachusetts is which city?,The capital of Massachusetts is Boston.
New York: what is the capital?,The capital of New York is Albany.
The capital of Idaho is which city?,The capital of Idaho is Boise.
Which city is the capital of New Mexico?,The capital of New Mexico is Santa Fe.
Capital of Montana?,The capital of Montana is Helena.
Pennsylvania: what is the capital?,The capital of Pennsylvania is Harrisburg.
Capital of New Hampshire?,The capital of New Hampshire is Concord.
What is the capital of Kansas?,The capital of Kansas is Topeka.
The capital of Maryland is which city?,The capital of Maryland is Annapolis.
Name the capital city of Iowa.,The capital of Iowa is Des Moines.
Where is the government of Nebraska?,The capital of Nebraska is Lincoln.
Please give the capital of South Carolina.,The capital of South Carolina is Columbia.
I need the capital of Arizona.,The capital of Arizona is Phoenix.
What city is Vermont's capital?,The capital of Vermont is Montpelier.
Capital of Nebraska?,The capital of Nebraska is Lincoln.
Which city is the capital of Montana?,The capital of Montana is Helena.
Tell me the capital of Nebraska.,The capital of Nebraska is Lincoln.
What is the capital of Tennessee?,The capital of Tennessee is Nashville.
The capital of Alabama is which city?,The capital of Alabama is Montgomery.
Indiana: what is the capital?,The capital of Indiana is Indianapolis.
Please give the capital of Missouri.,The capital of Missouri is Jefferson City.
Please give the capital of Louisiana.,The capital of Louisiana is Baton Rouge.
Do you know the capital of North Dakota?,The capital of North Dakota is Bismarck.
Alabama: what is the capital?,The capital of Alabama is Montgomery.
Please give the capital of Tennessee.,The capital of Tennessee is Nashville.
What city is Mississippi's capital?,The capital of Mississippi is Jackson.
Tell me the capital of Wisconsin.,The capital of Wisconsin is Madison.
Where is the government of South Dakota?,The capital of South Dakota is Pierre.
What is the capital of Idaho?,The capital of Idaho is Boise.
Do you know the capital of Maine?,The capital of Maine is Augusta.
Name the capital city of Vermont.,The capital of Vermont is Montpelier.
Where is the government of Utah?,The capital of Utah is Salt Lake City.
I need the capital of New Mexico.,The capital of New Mexico is Santa Fe.
Please give the capital of New Mexico.,The capital of New Mexico is Santa Fe.
What is the capital of Nevada?,The capital of Nevada is Carson City.
What city is Maine's capital?,The capital of Maine is Augusta.
I need the capital of Idaho.,The capital of Idaho is Boise.
Do you know the capital of Michigan?,The capital of Michigan is Lansing.
Do you know the capital of Ohio?,The capital of Ohio is Columbus.
What is the capital of Utah?,The capital of Utah is Salt Lake City.
What city is California's capital?,The capital of California is Sacramento.
Virginia: what is the capital?,The capital of Virginia is Richmond.
What is the capital of New Jersey?,The capital of New Jersey is Trenton.
What city is Montana's capital?,The capital of Montana is Helena.
Capital of Oregon?,The capital of Oregon is Salem.
Nevada: what is the capital?,The capital of Nevada is Carson City.
Kentucky: what is the capital?,The capital of Kentucky is Frankfort.
Name the capital city of Minnesota.,The capital of Minnesota is Saint Paul.
Which city is the capital of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
Do you know the capital of Maryland?,The capital of Maryland is Annapolis.
What is the capital of Kentucky?,The capital of Kentucky is Frankfort.
Which city is the capital of Kentucky?,The capital of Kentucky is Frankfort.
Where is the government of Oregon?,The capital of Oregon is Salem.
Tell me the capital of Rhode Island.,The capital of Rhode Island is Providence.
The capital of Colorado is which city?,The capital of Colorado is Denver.
The capital of South Dakota is which city?,The capital of South Dakota is Pierre.
What city is Kansas's capital?,The capital of Kansas is Topeka.
What city is Indiana's capital?,The capital of Indiana is Indianapolis.
Iowa: what is the capital?,The capital of Iowa is Des Moines.
What is the capital of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
Where is the government of Tennessee?,The capital of Tennessee is Nashville.
Where is the government of Alaska?,The capital of Alaska is Juneau.
New Jersey: what is the capital?,The capital of New Jersey is Trenton.
Do you know the capital of Connecticut?,The capital of Connecticut is Hartford.
Name the capital city of Idaho.,The capital of Idaho is Boise.
What is the capital of Nebraska?,The capital of Nebraska is Lincoln.
Illinois: what is the capital?,The capital of Illinois is Springfield.
What city is Louisiana's capital?,The capital of Louisiana is Baton Rouge.
Tennessee: what is the capital?,The capital of Tennessee is Nashville.
The capital of Kentucky is which city?,The capital of Kentucky is Frankfort.
Please give the capital of Arizona.,The capital of Arizona is Phoenix.
Name the capital city of Georgia.,The capital of Georgia is Atlanta.
I need the capital of Connecticut.,The capital of Connecticut is Hartford.
Do you know the capital of Alabama?,The capital of Alabama is Montgomery.
Nebraska: what is the capital?,The capital of Nebraska is Lincoln.
Where is the government of Washington?,The capital of Washington is Olympia.
Which city is the capital of Massachusetts?,The capital of Massachusetts is Boston.
Which city is the capital of Utah?,The capital of Utah is Salt Lake City.
Where is the government of Mississippi?,The capital of Mississippi is Jackson.
Name the capital city of New Hampshire.,The capital of New Hampshire is Concord.
Name the capital city of North Carolina.,The capital of North Carolina is Raleigh.
The capital of Arkansas is which city?,The capital of Arkansas is Little Rock.
Where is the government of Arkansas?,The capital of Arkansas is Little Rock.
Which city is the capital of Hawaii?,The capital of Hawaii is Honolulu.
Oklahoma: what is the capital?,The capital of Oklahoma is Oklahoma City.
Tell me the capital of West Virginia.,The capital of West Virginia is Charleston.
What is the capital of Montana?,The capital of Montana is Helena.
Please give the capital of Alaska.,The capital of Alaska is Juneau.
Wisconsin: what is the capital?,The capital of Wisconsin is Madison.
What is the capital of Oklahoma?,The capital of Oklahoma is Oklahoma City.
Please give the capital of Colorado.,The capital of Colorado is Denver.
What city is New Jersey's capital?,The capital of New Jersey is Trenton.
I need the capital of Delaware.,The capital of Delaware is Dover.
Tell me the capital of Tennessee.,The capital of Tennessee is Nashville.
Which city is the capital of Tennessee?,The capital of Tennessee is Nashville.
What city is Colorado's capital?,The capital of Colorado is Denver.
Do you know the capital of Hawaii?,The capital of Hawaii is Honolulu.
Tell me the capital of Missouri.,The capital of Missouri is Jefferson City.
Where is the government of Minnesota?,The capital of Minnesota is Saint Paul.
What is the capital of Maine?,The capital of Maine is Augusta.
The capital of Florida is which city?,The capital of Florida is Tallahassee.
The capital of Nevada is which city?,The capital of Nevada is Carson City.
Capital of Indiana?,The capital of Indiana is Indianapolis.
The capital of Mississippi is which city?,The capital of Mississippi is Jackson.
Arizona: what is the capital?,The capital of Arizona is Phoenix.
Please give the capital of New Hampshire.,The capital of New Hampshire is Concord.
What city is Wisconsin's capital?,The capital of Wisconsin is Madison.
Where is the government of Ohio?,The capital of Ohio is Columbus.
I need the capital of Virginia.,The capital of Virginia is Richmond.
Capital of New Jersey?,The capital of New Jersey is Trenton.
Capital of North Carolina?,The capital of North Carolina is Raleigh.
Tell me the capital of Utah.,The capital of Utah is Salt Lake City.
Capital of Oklahoma?,The capital of Oklahoma is Oklahoma City.
Please give the capital of West Virginia.,The capital of West Virginia is Charleston.
Name the capital city of Pennsylvania.,The capital of Pennsylvania is Harrisburg.
What is the capital of Minnesota?,The capital of Minnesota is Saint Paul.
I need the capital of Maine.,The capital of Maine is Augusta.
Name the capital city of Texas.,The capital of Texas is Austin.
Do you know the capital of Idaho?,The capital of Idaho is Boise.
What is the capital of Arkansas?,The capital of Arkansas is Little Rock.
Tell me the capital of Florida.,The capital of Florida is Tallahassee.
Name the capital city of New York.,The capital of New York is Albany.
Idaho: what is the capital?,The capital of Idaho is Boise.
Capital of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
Please give the capital of North Dakota.,The capital of North Dakota is Bismarck.
Oregon: what is the capital?,The capital of Oregon is Salem.
What is the capital of North Dakota?,The capital of North Dakota is Bismarck.
What city is South Dakota's capital?,The capital of South Dakota is Pierre.
Capital of Minnesota?,The capital of Minnesota is Saint Paul.
Do you know the capital of Arizona?,The capital of Arizona is Phoenix.
Please give the capital of Montana.,The capital of Montana is Helena.
Do you know the capital of Arkansas?,The capital of Arkansas is Little Rock.
Do you know the capital of Indiana?,The capital of Indiana is Indianapolis.
Colorado: what is the capital?,The capital of Colorado is Denver.
Tell me the capital of Alaska.,The capital of Alaska is Juneau.
Tell me the capital of North Dakota.,The capital of North Dakota is Bismarck.
Do you know the capital of Vermont?,The capital of Vermont is Montpelier.
Capital of Illinois?,The capital of Illinois is Springfield.
Where is the government of Maryland?,The capital of Maryland is Annapolis.
The capital of Illinois is which city?,The capital of Illinois is Springfield.
The capital of North Dakota is which city?,The capital of North Dakota is Bismarck.
Do you know the capital of South Dakota?,The capital of South Dakota is Pierre.
The capital of Washington is which city?,The capital of Washington is Olympia.
Which city is the capital of Washington?,The capital of Washington is Olympia.
Which city is the capital of South Dakota?,The capital of South Dakota is Pierre.
What city is Kentucky's capital?,The capital of Kentucky is Frankfort.
Capital of Maryland?,The capital of Maryland is Annapolis.
What is the capital of West Virginia?,The capital of West Virginia is Charleston.
Which city is the capital of Minnesota?,The capital of Minnesota is Saint Paul.
What is the capital of South Dakota?,The capital of South Dakota is Pierre.
Which city is the capital of Alaska?,The capital of Alaska is Juneau.
Do you know the capital of Colorado?,The capital of Colorado is Denver.
I need the capital of Wyoming.,The capital of Wyoming is Cheyenne.
South Dakota: what is the capital?,The capital of South Dakota is Pierre.
I need the capital of New York.,The capital of New York is Albany.
Which city is the capital of Idaho?,The capital of Idaho is Boise.
Washington: what is the capital?,The capital of Washington is Olympia.
Tell me the capital of Massachusetts.,The capital of Massachusetts is Boston.
`;export{e as default};